"""Pages made into PDF: in the office's fonts or what stands in for them, and with nothing fetched from anywhere."""
