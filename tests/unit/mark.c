#include "shim/mark.h"
#include "tests/unit/check.h"

/* What a value is read as: NUMBER <PATH> <PROFILE>. */
static const char *read_as(const char *value)
{
	static char words[128];
	struct mark m;

	if (!mark_read(&m, value))
		return "none";
	snprintf(words, sizeof words, "%d <%.*s> <%s>", m.kind, (int)m.len, m.path, m.profile);
	if (m.tree.pid)
		sprintf(words + strlen(words), " of %u.%llu", m.tree.pid, m.tree.since);
	return words;
}

static void reading(void)
{
	CHECK_SAME(read_as("-:/p.ini"), "0 <> </p.ini>", "a plain mark names the profile");
	CHECK_SAME(read_as("c2,0:/xnet=new"), "2 </x> <net=new>", "one that says to go on too");
	CHECK_SAME(read_as("d8,7:/bin/x:y/p.ini"), "1 </bin/x:y> </p.ini>",
		   "one that has decided names the path it is about");
	CHECK_SAME(read_as("f1,42:r/p.ini"), "3 <r> </p.ini>", "one for children names their rule");
	CHECK_SAME(read_as("d8,7:/bin/x:y"), "1 </bin/x:y> <>",
		   "the built-in profile is nothing behind the path");
	CHECK_SAME(read_as("d9,7:/bin/x:y"), "none", "a length beyond the end is no mark");
	CHECK_SAME(read_as("d99999999999999999999999999,7:/x"), "none",
		   "nor is one that overflows");
	CHECK_SAME(read_as("d8:/bin/x:y"), "none", "nor is a length without a stamp");
	CHECK_SAME(read_as("-(12.345):/p.ini"), "0 <> </p.ini> of 12.345", "it may name its tree");
	CHECK_SAME(read_as("d(7.8)8,7:/bin/x:y/p.ini"), "1 </bin/x:y> </p.ini> of 7.8",
		   "also where it has decided");
	CHECK_SAME(read_as("-(12.345:/p.ini"), "none", "a tree without an end is no mark");
	CHECK_SAME(read_as("-(12):/p.ini"), "none", "nor is one that is a number alone");
	CHECK_SAME(read_as("-(99999999999.1):/p.ini"), "none", "nor a number that is no process's");
	CHECK_SAME(read_as(""), "none", "an empty value is no mark");
	CHECK_SAME(read_as("-"), "none", "nor is a letter alone");
	CHECK_SAME(read_as("x:/p.ini"), "none", "nor an unknown one");
	CHECK_SAME(read_as(NULL), "none", "nor an unset variable");
}

static bool asks(const char *value, const char *path)
{
	struct mark m;

	return mark_read(&m, value) && mark_asks(&m, path);
}

static void asking(void)
{
	CHECK(asks("-:/p", "/x"), "a plain mark has the load door decide");
	CHECK(!asks("c2,7:/x/p", "/x"), "one that says to go on does not");
	CHECK(!asks("d2,7:/x/p", "/x"), "nor does a decision about this very path");
	CHECK(asks("d2,7:/x/p", "/y"), "but one about another path does");
	CHECK(asks("f2,7:/x/p", "/x"), "one for children, whatever its rule is called");
	CHECK(asks("d2,7:/x/p", "/x/"), "also about one it begins with");
}

static void writing(void)
{
	char buf[64];
	struct text t = text_in(buf, sizeof buf);

	mark_text(&t, MARK_DECIDED, &(struct tree){ 0 }, "/a:b", 99, "/p.ini");
	CHECK_SAME(buf, "NSSHIM_STATE=d4,99:/a:b/p.ini", "what is written is what is read");
	t = text_in(buf, sizeof buf);
	mark_text(&t, MARK_GO_ON, &(struct tree){ 0 }, "/x", 7, "");
	CHECK_SAME(buf, "NSSHIM_STATE=c2,7:/x", "without a path where none is decided on");
	t = text_in(buf, sizeof buf);
	mark_text(&t, MARK_PLAIN, &(struct tree){ 12, 345 }, NULL, 0, "/p");
	CHECK_SAME(buf, "NSSHIM_STATE=-(12.345):/p", "with the tree where it is known");
}

int main(void)
{
	reading();
	asking();
	writing();
	return check_end();
}
