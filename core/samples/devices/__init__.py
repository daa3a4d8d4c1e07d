"""This is the place where the told people's devices record: what agrees with their lives, as the files that apps really write."""

from core.samples.devices.people import DeviceFile, Devices, Happened, devices, zones

__all__ = ["DeviceFile", "Devices", "Happened", "devices", "zones"]
