"""This is the place where use cases live: function(ports, actor, ...); access first, then get, think, keep, answer."""
