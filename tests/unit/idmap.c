#include <stdlib.h>

#include "conf/idmap.h"
#include "tests/unit/check.h"

static struct idmap_extent room[IDMAP_MOST];
static char why[400];

static struct idmap empty(void)
{
	return (struct idmap){ .extent = room };
}

static int add(struct idmap *m, const char *value)
{
	return idmap_add(m, value, why, sizeof why);
}

static void check_good(void)
{
	struct idmap m = empty();
	char text[IDMAP_TEXT];

	CHECK(!add(&m, "0 1000 1") && m.form == IDMAP_EXTENTS && m.extents == 1, "one extent");
	CHECK(!add(&m, "1\t100000  65536") && m.extents == 2,
	      "a second; blanks and tabs part numbers");
	CHECK(!add(&m, "100000 0 1"), "inside and outside are lists of their own");
	CHECK(idmap_text(&m, text, sizeof text) == (long)strlen(text) && m.bytes == strlen(text),
	      "the text has the length that is told");
	CHECK_SAME(text, "0 1000 1\n1 100000 65536\n100000 0 1\n",
		   "in the order in which they came");
	CHECK(idmap_text(&m, text, strlen(text)) == -1, "too small a buffer is told");
	m = empty();
	CHECK(!add(&m, "0 0 4294967295"), "all ids, as in the initial user namespace");
	m = empty();
	CHECK(!add(&m, "4294967294 4294967294 1"), "the last id is 4294967294");
	m = empty();
	CHECK(!add(&m, "0 0 10") && !add(&m, "10 10 10") && !add(&m, "20 20 1"),
	      "neighbours touch");
	m = empty();
	CHECK(!add(&m, "root") && m.form == IDMAP_ROOT, "root");
	m = empty();
	CHECK(!add(&m, "self") && m.form == IDMAP_SELF, "self");
	m = empty();
	CHECK(!add(&m, "auto") && m.form == IDMAP_AUTO, "auto");
}

static void check_bad(void)
{
	static const struct {
		const char *value, *why;
	} bad[] = {
		{ "0 0 0", "a count of 0" },
		{ "0 0", "fewer than three" },
		{ "0", "fewer than three" },
		{ "0 0 1 1", "more than three" },
		{ "0 0 1 x", "more than three" },
		{ "-1 0 1", "`-1` is no decimal" },
		{ "0 +1 1", "`+1` is no decimal" },
		{ "0 0 -1", "`-1` is no decimal" },
		{ "0x10 0 1", "`0x10` is no decimal" },
		{ "0 010 1", "`010` is no decimal" },
		{ "0 1000; 1", "`1000;` is no decimal" },
		{ "0 1k 1", "`1k` is no decimal" },
		{ "0,1000,1", "`0,1000,1` is no decimal" },
		{ "0 4294967296 1", "more than 32 bits" },
		{ "99999999999999999999999999 0 1", "more than 32 bits" },
		{ "4294967295 0 1", "overflow inside" },
		{ "0 4294967295 1", "overflow outside" },
		{ "1 0 4294967295", "overflow inside" },
		{ "0 1 4294967295", "overflow outside" },
		{ "4294967290 0 6", "overflow inside" },
		{ "rot", "did you mean `root`?" },
		{ "Self", "did you mean `self`?" },
		{ "map", "neither INSIDE OUTSIDE COUNT nor" },
		{ "root self", "neither INSIDE OUTSIDE COUNT nor" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct idmap m = empty();
		int r = add(&m, bad[i].value);

		if (!CHECK(r == -1 && strstr(why, bad[i].why) && !m.extents, "`%s` is refused: %s",
			   bad[i].value, bad[i].why))
			printf("# got: %s\n", why);
	}
}

static void check_together(void)
{
	struct idmap m = empty();

	add(&m, "0 1000 10");
	CHECK(add(&m, "9 5000 1") && !strcmp(why, "overlap inside: `9 5000 1` and `0 1000 10`"),
	      "an overlap inside names both extents");
	CHECK(add(&m, "50 990 11") && !strcmp(why, "overlap outside: `50 990 11` and `0 1000 10`"),
	      "and one outside too");
	CHECK(m.extents == 1, "what is refused is not added");
	CHECK(add(&m, "self") && strstr(why, "`self` stands alone"), "no word after an extent");
	m = empty();
	add(&m, "auto");
	CHECK(add(&m, "0 0 1") && strstr(why, "`auto` stands alone"), "no extent after a word");
	CHECK(add(&m, "auto") && strstr(why, "`auto` stands alone"), "no word twice");
}

static void check_most(void)
{
	struct idmap m = empty();
	char value[64];
	bool all = true;
	long len;
	static char text[IDMAP_TEXT];

	for (int i = 0; i < IDMAP_MOST; i++) {
		snprintf(value, sizeof value, "%d %d 1", i, i);
		all &= !add(&m, value);
	}
	CHECK(all, "340 extents are taken");
	CHECK(add(&m, "1000 1000 1") && strstr(why, "more than 340 extents") && m.full,
	      "the next is refused");
	len = idmap_text(&m, text, sizeof text);
	CHECK(len == (long)m.bytes && len < IDMAP_TEXT, "their text fits a page");

	m = empty();
	for (int i = 0; !m.full && i < IDMAP_MOST; i++) {
		snprintf(value, sizeof value, "%d %d 1", 1000000000 + i, 1000000000 + i);
		all = !add(&m, value);
	}
	/* Each takes 24 bytes: 170 are 4080. */
	CHECK(m.extents == 170 && m.bytes == 4080 && !all && strstr(why, "4096 bytes"),
	      "a text of a page or more is refused");
	CHECK(idmap_text(&m, text, sizeof text) == 4080, "what is left has a text");
	CHECK(!add(&m, "0 0 1000000000") || strstr(why, "4096 bytes"), "by bytes, not by extents");
}

static bool holds(uint64_t a, uint64_t na, uint64_t b, uint64_t nb)
{
	for (uint64_t i = a; i < a + na; i++)
		if (i >= b && i < b + nb)
			return true;
	return false;
}

/* Every decision against one that counts ids one by one. */
static void check_differential(void)
{
	unsigned wrong = 0, taken = 0;

	for (int round = 0; round < 20000; round++) {
		struct idmap m = empty();
		uint64_t base = round % 2 ? 0 : 4294967296u - 40;

		for (int i = 0; i < 5; i++) {
			uint64_t in = base + check_random() % 40, out = base + check_random() % 40;
			uint64_t n = check_random() % 12;
			bool ok = n > 0 && in + n <= 4294967295u && out + n <= 4294967295u;
			char value[100];

			for (unsigned k = 0; k < m.extents; k++)
				ok &= !holds(in, n, room[k].inside, room[k].count) &&
				      !holds(out, n, room[k].outside, room[k].count);
			snprintf(value, sizeof value, "%ju %ju %ju", (uintmax_t)in, (uintmax_t)out,
				 (uintmax_t)n);
			wrong += ok == (add(&m, value) != 0);
			taken += ok;
		}
	}
	CHECK(!wrong && taken > 1000, "100000 random extents, %u of them taken, as counted by id",
	      taken);
}

int main(void)
{
	check_good();
	check_bad();
	check_together();
	check_most();
	check_differential();
	return check_end();
}
