"""The pages of the site: one module and one template each, over what the archive knows."""
