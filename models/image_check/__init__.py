"""This is the place where a photo is checked: taken in, judged for quality, asked of a model, and answered with a hint or with a reason for none."""
