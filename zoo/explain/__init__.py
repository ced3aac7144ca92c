"""What a built model looks at: attributions of its outputs to the numbers and words of its inputs."""
