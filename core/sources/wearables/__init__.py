"""This is the place where files of devices, apps and sensors are read: one file for each format, pure and total."""
