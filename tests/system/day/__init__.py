"""People who live through a day, and the devices that they carry."""
