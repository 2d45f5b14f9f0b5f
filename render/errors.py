"""Why a device cannot be had."""


class DeviceUnavailable(Exception):
    """CUDA cannot be had. The text is one line: why, in a few words, and then what would change it."""
