"""What the pages show: answers, exercises, what-ifs, pictures, other books."""
