"""The layers and branches: one member file each."""
