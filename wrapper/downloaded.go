package wrapper

// Downloaded describes a file that was downloaded.
type Downloaded struct {
	// Bytes is the size of the file.
	Bytes int64
	// MediaType is what the file is, such as "image/png".
	MediaType string
	// Ext is the extension for the name of the file, with its dot, such as ".png".
	Ext string
}
