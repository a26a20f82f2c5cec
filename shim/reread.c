#include <errno.h>

#include "shim/locate.h"
#include "shim/reread.h"
#include "shim/sys.h"

static void keep_first(void *ctx, const struct fault *f)
{
	struct fault *first = ctx;

	if (!first->op[0])
		*first = *f;
}

const struct rule *reread(const char *profile, const char *rule, struct profile **whole,
			  struct fault *f)
{
	struct source src = locate_again(profile);
	const struct rule *found;

	f->op[0] = '\0';
	*whole = profile_load(&src, sys_trusts(), keep_first, f);
	if (!*whole)
		return NULL;
	found = profile_rule(*whole, rule);
	if (found)
		return found;
	fault_set(f, "find rule", NS_KINDS, rule, ENOENT);
	fault_why(f, "it has gone from the profile in this moment");
	return NULL;
}
