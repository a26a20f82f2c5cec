/* A library that a user preloads beside the shim. */
int other_is_here(void);
int other_is_here(void)
{
	return 1;
}
