"""TensorFlow.js models: the description, the weights beside it, what is live, and how both are cut and proved."""
