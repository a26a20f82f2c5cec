#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/sys.h"

int deed_hostname(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (!sethostname(it->word[0], strlen(it->word[0])))
		return 0;
	return fault_set(f, "sethostname", NS_UTS, it->word[0], errno);
}

int deed_domainname(struct entry *e, const struct item *it, struct fault *f)
{
	(void)e;
	if (!setdomainname(it->word[0], strlen(it->word[0])))
		return 0;
	return fault_set(f, "setdomainname", NS_UTS, it->word[0], errno);
}

int deed_sysctl(struct entry *e, const struct item *it, struct fault *f)
{
	if (!entry_write(e, it->word[0], it->word[1]))
		return 0;
	fault_set(f, "write", it->implies, it->word[0], errno);
	if (f->err == ENOENT)
		fault_why(f, "this kernel has no such sysctl for a namespace, or /proc is not "
			     "mounted");
	else if (f->err == EINVAL)
		fault_why(f, "the kernel does not take that value");
	else if (f->err == EROFS)
		fault_why(f, "needs a /proc that is mounted for writing");
	else if (f->err == EACCES || f->err == EPERM)
		fault_why(f, "the kernel keeps this one for root outside");
	return -1;
}
