#include <errno.h>

#include "conf/text.h"
#include "shim/inner/deed.h"
#include "shim/sys.h"

/* Before any process is in the namespace (time_namespaces(7)): unshare(2) moves the next ones. */
int deed_clock(struct entry *e, const struct item *it, struct fault *f)
{
	static const char path[] = "/proc/self/timens_offsets";
	char buf[64];
	struct text t = text_in(buf, sizeof buf);

	text_str(&t, it->op == ITEM_MONOTONIC ? "monotonic " : "boottime ");
	text_num(&t, it->number[0]);
	text_str(&t, " 0\n");
	if (!entry_write(e, path, buf))
		return 0;
	fault_set(f, "write", NS_TIME, path, errno);
	if (f->err == ERANGE)
		fault_why(f, "that clock would be before 0, or too far ahead");
	return -1;
}
