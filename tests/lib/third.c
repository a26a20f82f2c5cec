/* Another library that a user preloads beside the shim. */
int third_is_here(void);
int third_is_here(void)
{
	return 1;
}
