#include "conf/guess.h"
#include "tests/unit/check.h"

static const char words[][8] = { "net", "mnt", "uts", "except", "uid_map", "gid_map" };

static const char *nearest(const char *text)
{
	const char *word = guess(WORDS(words), text, strlen(text));

	return word ? word : "";
}

int main(void)
{
	char buf[64];
	struct text t = text_in(buf, sizeof buf);

	CHECK_SAME(nearest("nett"), "net", "a letter more");
	CHECK_SAME(nearest("nt"), "net", "a letter less, the first of several words");
	CHECK_SAME(nearest("mxt"), "mnt", "another letter");
	CHECK_SAME(nearest("uid-map"), "uid_map", "another sign");
	CHECK_SAME(nearest("exepct"), "except", "two letters swapped");
	CHECK_SAME(nearest("NET"), "net", "upper case");
	CHECK_SAME(nearest("exce"), "except", "two letters less");
	CHECK_SAME(nearest("exc"), "", "three are too many");
	CHECK_SAME(nearest("xy"), "", "nor is it guessed from nothing");
	CHECK_SAME(nearest("network"), "", "nor from a word that only begins like one");
	CHECK_SAME(nearest(""), "", "nor from an empty text");
	CHECK_SAME(nearest("a-very-long-word-that-is-none-of-them"), "", "nor from a long one");
	CHECK(words_find(WORDS(words), "mnt") == 1 && words_find(WORDS(words), "mn") == -1 &&
		      words_find(WORDS(words), "") == -1,
	      "words_find finds whole words alone");
	guess_tell(&t, WORDS(words), "neet", 4);
	CHECK_SAME(buf, ": did you mean `net`?", "guess_tell says it");
	t = text_in(buf, sizeof buf);
	guess_tell(&t, WORDS(words), "qqqq", 4);
	CHECK_SAME(buf, "", "or says nothing");
	return check_end();
}
