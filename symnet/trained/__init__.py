"""What a trained network gets: local maps, walks along lines, lossless reduction, properties."""
