"""Where terms stand in bytes: engines that propose, judges that decide, and the decoding and folding before."""
