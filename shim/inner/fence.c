#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/sys.h"

/* Of <linux/landlock.h>, which may be older than the kernel. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, ASK_ABI = 1, PATH_BENEATH = 1 };
enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	ALL_OF_1 = (1 << 13) - 1,
	REFER = 1 << 13,     /* ABI 2, Linux 5.19 */
	TRUNCATE = 1 << 14,  /* ABI 3, Linux 6.2 */
	IOCTL_DEV = 1 << 15, /* ABI 5, Linux 6.10 */
	READ = EXECUTE | READ_FILE | READ_DIR,
	OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

static long abi(void)
{
	return syscall(CREATE_RULESET, NULL, 0, ASK_ABI);
}

int fence_ready(struct fault *f)
{
	if (abi() >= 1)
		return 0;
	fault_set(f, "landlock_create_ruleset", NS_KINDS, NULL, errno);
	if (f->err == ENOSYS)
		fault_why(f,
			  "this kernel has no Landlock, which came with Linux 5.13, or a seccomp "
			  "filter refuses it");
	else if (f->err == EOPNOTSUPP)
		fault_why(
			f,
			"Landlock is not enabled: `landlock` belongs into the kernel's lsm= list");
	return -1;
}

/* All that this kernel can deny. */
static uint64_t handled(void)
{
	long version = abi();

	return ALL_OF_1 | (version >= 2 ? REFER : 0) | (version >= 3 ? TRUNCATE : 0) |
	       (version >= 5 ? IOCTL_DEV : 0);
}

static int create(struct entry *e, uint64_t all, struct fault *f)
{
	e->ruleset = (int)syscall(CREATE_RULESET, &all, sizeof all, 0);
	if (e->ruleset < 0)
		return fault_set(f, "landlock_create_ruleset", NS_KINDS, NULL, errno);
	return 0;
}

static int add(struct entry *e, const struct item *it, uint64_t allowed, struct fault *f)
{
	struct path_beneath rule = { .allowed = allowed };
	struct stat st;
	int fd = sys_open(it->word[0], O_PATH);

	if (fd < 0) {
		fault_set(f, "open", NS_KINDS, it->word[0], errno);
		if (f->err == ENOENT)
			fault_why(f, "that path is not there inside");
		return -1;
	}
	rule.parent = fd;
	if (!fstat(fd, &st) && !S_ISDIR(st.st_mode))
		rule.allowed &= OF_FILES;
	if (syscall(ADD_RULE, e->ruleset, PATH_BENEATH, &rule, 0))
		fault_set(f, "landlock_add_rule", NS_KINDS, it->word[0], errno);
	else
		f = NULL;
	sys_close(fd);
	if (f && f->err == EBADFD)
		fault_why(f, "what lies there is of the kernel's own, and no path leads to it");
	return f ? -1 : 0;
}

static int restrict_self(struct entry *e, struct fault *f)
{
	if (privilege_forgo(e, f))
		return -1;
	if (syscall(RESTRICT_SELF, e->ruleset, 0)) {
		fault_set(f, "landlock_restrict_self", NS_KINDS, NULL, errno);
		if (f->err == E2BIG)
			fault_why(f, "the process is in 16 of Landlock's domains already");
		return -1;
	}
	sys_close(e->ruleset);
	e->ruleset = -1;
	return 0;
}

static bool is_ours(const struct item *it)
{
	return it && (it->op == ITEM_LANDLOCK_RO || it->op == ITEM_LANDLOCK_RW);
}

/* Line by line into one ruleset, which holds from the last of them on. */
int deed_landlock(struct entry *e, const struct item *it, struct fault *f)
{
	uint64_t all = handled();

	if (e->ruleset < 0 && create(e, all, f))
		return -1;
	if (add(e, it, it->op == ITEM_LANDLOCK_RO ? READ : all, f))
		return -1;
	return is_ours(it->next) ? 0 : restrict_self(e, f);
}
