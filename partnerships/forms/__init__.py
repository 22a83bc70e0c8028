"""What was typed: validated here, written by actions."""
