"""The long run: twenty people save their copies all day while one `watch` process merges them."""
