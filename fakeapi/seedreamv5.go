package fakeapi

func init() { handlers["seeDreamV5"] = (*Server).seeDreamV5 }

// seeDreamV5 makes images with SeeDream V5.
func (s *Server) seeDreamV5(c *call) response { return s.generateImages(c) }
