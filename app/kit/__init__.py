"""What knows nothing about chat, and could be lifted into another project."""
