/* src/client/keys.c and src/shell/paste.c: what of a terminal's bytes the editor gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "client/keys.h"
#include "shell/paste.h"

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

/* What stands between the marks, as text. */
static void expect_paste(const char *sent, size_t length, const char *text, size_t left_out)
{
	struct paste paste = {.bytes = NULL};
	struct arena *arena = arena_new();
	size_t dropped = 0;

	for (size_t i = 0; i < length; i++)
		assert_int_equal(paste_take(&paste, sent[i]), i + 1 == length);
	assert_string_equal(paste_text(arena, paste.bytes, paste.length, &dropped), text);
	assert_int_equal(dropped, left_out);
	paste_forget(&paste);
	arena_free(arena);
}

#define EXPECT_PASTE(sent, text, left_out)                                                         \
	expect_paste(sent "\033[201~", sizeof(sent "\033[201~") - 1, text, left_out)

static void R32_a_paste_is_text(void **state)
{
	(void)state;
	EXPECT_PASTE("", "", 0);
	EXPECT_PASTE("a b", "a b", 0);
	EXPECT_PASTE("a\tb\r\n\r\nc\n", "a b\nc", 0);
	EXPECT_PASTE("\n\na", "a", 0);
	EXPECT_PASTE("a\033[200~b", "a[200~b", 1);
	EXPECT_PASTE("a\033[201b", "a[201b", 1);
	EXPECT_PASTE("a\033\033[20\033b", "a[20b", 3);
	EXPECT_PASTE("\xe2\x80\xae\xc2\x9b\xff\x7f\x01\xc3\xa4", "\xc3\xa4", 5);
}

static void a_paste_has_an_end(void **state)
{
	struct paste paste = {.bytes = NULL};

	(void)state;
	for (size_t i = 0; i < 2 * PASTE_MAX; i++)
		assert_false(paste_take(&paste, 'x'));
	assert_true(paste.too_long && paste.room <= 2 * PASTE_MAX);
	for (const char *mark = "\033[201~"; *mark != '\0'; mark++)
		assert_int_equal(paste_take(&paste, *mark), *mark == '~');
	paste_forget(&paste);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_the_editor_pass),
		cmocka_unit_test(what_a_terminal_says_of_itself_does_not),
		cmocka_unit_test(what_breaks_off_takes_nothing_with_it),
		cmocka_unit_test(every_byte_anywhere),
		cmocka_unit_test(R32_a_paste_is_text),
		cmocka_unit_test(a_paste_has_an_end),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
