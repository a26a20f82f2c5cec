#include "conf/arena.h"
#include "conf/table.h"
#include "tests/unit/check.h"

static void check_arena(void)
{
	struct arena *a = arena_new(100);
	bool zero = true, aligned = true, kept = true;
	char *first = arena_text(a, "first", 3);

	for (size_t i = 0; i < 3000; i++) {
		size_t size = check_random() % 2000;
		unsigned char *p = arena_alloc(a, size);

		aligned &= !((uintptr_t)p % sizeof(void *));
		for (size_t k = 0; k < size; k++) {
			zero &= !p[k];
			p[k] = 0xff;
		}
		kept &= !strcmp(arena_text(a, "text", 4), "text");
	}
	CHECK(zero && aligned, "3 MB in pieces are zero and aligned");
	CHECK(kept && !strcmp(first, "fir"), "texts are copied and end");
	CHECK(arena_alloc(a, 5 << 20), "a piece can be larger than any mapping so far");
	CHECK(!arena_alloc(a, SIZE_MAX - 5) && !arena_alloc(a, SIZE_MAX / 8 * 7),
	      "not everything fits");
	arena_free(a);
	arena_free(NULL);
}

static void check_table(void)
{
	struct arena *a = arena_new(100);
	struct table t;
	char text[2000][8];
	unsigned found = 0, walked = 0;
	bool newest = true;

	CHECK(table_make(&t, a, 2000), "a table is made");
	CHECK(!table_first(&t, table_hash("x", 1)), "and is empty");
	for (uint32_t i = 1; i < 2000; i++) {
		snprintf(text[i], sizeof text[i], "t%u", i % 1000);
		table_add(&t, table_hash(text[i], strlen(text[i])), i);
	}
	for (uint32_t i = 1; i < 1000; i++) {
		uint32_t last = 0;

		for (uint32_t n = table_first(&t, table_hash(text[i], strlen(text[i]))); n;
		     n = table_next(&t, n), walked++) {
			newest &= !last || n < last;
			last = n;
			found += !strcmp(text[n], text[i]);
		}
	}
	CHECK(found == 2 * 999, "both of each text are found");
	CHECK(newest, "the newest first");
	CHECK(walked < 3 * found, "among few others (%u of %u)", walked - found, walked);
	CHECK(table_make(&t, a, 0), "a table for nothing is one too");
	arena_free(a);
}

int main(void)
{
	check_arena();
	check_table();
	return check_end();
}
