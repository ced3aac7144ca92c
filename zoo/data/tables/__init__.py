"""Tables in time order: files, frames and toys to windows of their columns. See README.md."""
