package fakeapi

func init() { handlers["seeDreamV45"] = (*Server).seeDreamV45 }

// seeDreamV45 makes images with SeeDream V4.5.
func (s *Server) seeDreamV45(c *call) response { return s.generateImages(c) }
