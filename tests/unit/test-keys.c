/* src/client/keys.c: what of a terminal's bytes the editor gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "client/keys.h"

/* `sent`, then a pause. */
static void expect(const char *sent, size_t length, const char *read)
{
	struct keys keys = {.state = KEYS_TEXT};
	char out[KEYS_HELD_MAX], all[4096] = "";
	size_t used = 0;

	for (size_t i = 0; i <= length; i++) {
		size_t count = i < length ? keys_take(&keys, sent[i], out) : keys_give_up(&keys, out);

		assert_true(count <= KEYS_HELD_MAX && used + count < sizeof(all));
		memcpy(all + used, out, count);
		used += count;
	}
	assert_false(keys_hold(&keys));
	assert_int_equal(used, strlen(read));
	assert_memory_equal(all, read, used);
}

#define EXPECT(sent, read) expect(sent, sizeof(sent) - 1, read)

static void keys_of_the_editor_pass(void **state)
{
	(void)state;
	EXPECT("abc\x01\x7f\xc3\xa4\r", "abc\x01\x7f\xc3\xa4\r");
	EXPECT("\033[Ax\033[1;5D\033OH\033[3~", "\033[Ax\033[1;5D\033OH\033[3~");
	EXPECT("\033b\033f\033\x7f", "\033b\033f\033\x7f");
	EXPECT("\033", "\033");
}

static void what_a_terminal_says_of_itself_does_not(void **state)
{
	(void)state;
	EXPECT("a\033[200~b\033[201~c", "abc");
	EXPECT("a\033[?62;22cb", "ab");
	EXPECT("a\033[24;80Rb", "ab");
	EXPECT("a\033[<0;33;12Mb\033[<0;33;12mc", "abc");
	EXPECT("a\033[M !!b", "ab");
	EXPECT("a\033[M\003\r\nb", "ab");
	EXPECT("a\033[I\033[Ob", "ab");
	EXPECT("a\033]11;rgb:0000/0000/0000\ab", "ab");
	EXPECT("a\033]11;rgb:0000/0000/0000\033\\b", "ab");
	EXPECT("a\033P>|tmux 3.3a\033\\b", "ab");
	EXPECT("a\033[9999999999999999999999999999999;1;1;1;1;1Rb", "ab");
}

static void what_breaks_off_takes_nothing_with_it(void **state)
{
	(void)state;
	EXPECT("\033[", "");
	EXPECT("\033[12", "");
	EXPECT("\033[12\rx", "\rx");
	EXPECT("\033]0;never closed\rls\r", "\rls\r");
	EXPECT("\033]0;x\003y", "\003y");
	EXPECT("\033[1\033[Ax", "\033[Ax");
	EXPECT("\033\033\033[A", "\033[A");
	EXPECT("\033Ox", "");
}

/* Every byte in every state: it ends, and a letter after a line's end is a letter. */
static void every_byte_anywhere(void **state)
{
	static const char *const heads[] = {"", "\033", "\033[", "\033[1;", "\033O", "\033]",
		"\033]\033", "\033[M", "\033[M!!", "\033P\033\033"};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		for (int byte = 0; byte < 256; byte++) {
			struct keys keys = {.state = KEYS_TEXT};
			char out[KEYS_HELD_MAX];
			size_t count = 0;

			for (const char *head = heads[i]; *head != '\0'; head++)
				count = keys_take(&keys, *head, out);
			count = keys_take(&keys, (char)byte, out);
			/* At most what a mouse report may still want. */
			for (int j = 0; j < 4; j++)
				count = keys_take(&keys, '\r', out);
			assert_true(count == 1 && out[0] == '\r');
			count = keys_take(&keys, 'x', out);
			assert_true(count == 1 && out[0] == 'x');
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_the_editor_pass),
		cmocka_unit_test(what_a_terminal_says_of_itself_does_not),
		cmocka_unit_test(what_breaks_off_takes_nothing_with_it),
		cmocka_unit_test(every_byte_anywhere),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
