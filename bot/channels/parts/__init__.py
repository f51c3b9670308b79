"""What several networks need in the same way: waiting after a failure, checking a webhook's secret,
fetching a photo by its address, telling what is certain about a call, photos that come together."""
