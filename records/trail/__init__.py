"""What has happened, sealed so that nobody can change it unnoticed: digests, blocks, and the check of them all."""
