"""A world in which a programme's rounds live: what anybody could do is drawn, and what must never be is looked for."""
