"""What is drawn of the Gaussians over the picture, and what there is to say of a single one."""
