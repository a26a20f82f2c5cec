#include <stdlib.h>
#include <sys/capability.h>

#include "conf/account.h"
#include "conf/powers.h"
#include "tests/unit/check.h"

/* Those that libcap knows, and those that it is too old to know have no name there. */
static void names(void)
{
	for (int cap = 0; cap < POWERS_CAPS; cap++) {
		char ours[sizeof powers_cap + 5];
		char *theirs = cap_to_name(cap);

		snprintf(ours, sizeof ours, "cap_%s", powers_cap[cap]);
		CHECK(theirs && !strcmp(theirs, ours), "capability %d is %s", cap, ours);
		cap_free(theirs);
	}
	CHECK(POWERS_CAPS > CAP_LAST_CAP, "no capability of the kernel's header has no name");
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f) {
		fputs(text, f);
		fclose(f);
	}
}

static void accounts(void)
{
	char path[] = "/tmp/nsshim-account.XXXXXX";
	int fd = mkstemp(path);
	char text[2048], members[1200];
	uint32_t id = 0;

	memset(members, 'm', sizeof members);
	members[sizeof members - 1] = '\0';
	snprintf(text, sizeof text,
		 "root:x:0:0::/"
		 ":\nlong:x:7:%s\nab:x:12:\nabc:x:13:\nx:ab:14:\nbad:x:1x:\nbig:x:4294967296:\n"
		 "none:x:4294967295:\nempty:x::\nlast:x:15:1",
		 members);
	put(path, text);
	CHECK(fd >= 0 && account_find(path, "root", 4, &id) && id == 0, "root is 0");
	CHECK(account_find(path, "ab", 2, &id) && id == 12, "a name is found behind a long line");
	CHECK(account_find(path, "abc", 3, &id) && id == 13, "a longer one is another one");
	CHECK(account_find(path, "last", 4, &id) && id == 15, "a last line need not end");
	CHECK(!account_find(path, "a", 1, &id), "a part of a name is none");
	CHECK(!account_find(path, "abcd", 4, &id), "nor is more than a name");
	CHECK(!account_find(path, "bad", 3, &id), "an id is a number");
	CHECK(!account_find(path, "big", 3, &id) && !account_find(path, "none", 4, &id),
	      "of 32 bits, and not the one that means none");
	CHECK(!account_find(path, "empty", 5, &id), "and has digits");
	CHECK(!account_find("/nonexistent", "root", 4, &id),
	      "a file that is not there has no names");
	remove(path);
}

int main(void)
{
	names();
	accounts();
	return check_end();
}
