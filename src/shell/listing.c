#include "shell/listing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/text.h"
#include "client/tty.h"

enum { LISTED_MAX = 200, NAME_COLUMNS_MAX = 32 };

size_t listing_width(const char *text)
{
	size_t width = 0;
	mbstate_t state = {0};

	while (*text != '\0') {
		wchar_t wide = L'\0';
		size_t size = mbrtowc(&wide, text, strlen(text), &state);
		int columns;

		if (size == (size_t)-1 || size == (size_t)-2)
			return width + strlen(text);
		columns = wcwidth(wide);
		width += columns > 0 ? (size_t)columns : 0;
		text += size;
	}
	return width;
}

size_t listing_screen(void)
{
	size_t columns = tty_window(STDOUT_FILENO).columns;

	return columns == 0 ? 80 : columns;
}

struct listing {
	struct arena *arena;
	size_t count;
	const char **texts; /* escaped */
	size_t widest;	    /* in columns */
};

static struct listing make(struct arena *arena, const struct strings *candidates)
{
	struct listing listing = {.arena = arena, .count = candidates->count};

	if (listing.count > LISTED_MAX)
		listing.count = LISTED_MAX;
	listing.texts = arena_array(arena, listing.count + 1, sizeof(*listing.texts));
	for (size_t i = 0; i < listing.count; i++) {
		size_t width;

		listing.texts[i] =
			text_escape(arena, candidates->items[i], strlen(candidates->items[i]));
		width = listing_width(listing.texts[i]);
		listing.widest = width > listing.widest ? width : listing.widest;
	}
	return listing;
}

static void pad(const char *text, size_t columns)
{
	size_t width = listing_width(text);

	printf("%s%*s", text, width < columns ? (int)(columns - width) : 0, "");
}

static void end(const struct listing *listing, const struct completion *completion)
{
	if (listing->count < completion->candidates.count)
		printf("... and %zu more\n", completion->candidates.count - listing->count);
	fflush(stdout);
}

void listing_names(const struct completion *completion)
{
	struct arena *arena = arena_new();
	struct listing listing = make(arena, &completion->candidates);
	size_t width = listing.widest + 2, across = listing_screen() / width, down;

	across = across > 0 ? across : 1;
	down = (listing.count + across - 1) / across;
	for (size_t row = 0; row < down; row++) {
		for (size_t i = row; i < listing.count; i += down)
			pad(listing.texts[i], i + down < listing.count ? width : 0);
		putchar('\n');
	}
	end(&listing, completion);
	arena_free(arena);
}

void listing_put_cut(struct arena *arena, const char *text, size_t columns)
{
	char *cut = arena_strdup(arena, text);
	size_t length = strlen(cut);

	if (listing_width(cut) <= columns) {
		fputs(cut, stdout);
		return;
	}
	while (length > 0 && listing_width(cut) + 3 > columns) {
		do
			length--;
		while (length > 0 && (cut[length] & 0xc0) == 0x80);
		cut[length] = '\0';
	}
	printf("%s...", cut);
}

void listing_described(const struct completion *completion)
{
	struct arena *arena = arena_new();
	struct listing listing = make(arena, &completion->candidates);
	size_t screen = listing_screen();
	size_t width = listing.widest > NAME_COLUMNS_MAX ? NAME_COLUMNS_MAX : listing.widest;

	for (size_t i = 0; i < listing.count; i++) {
		const char *about = completion->about[i];
		size_t own = listing_width(listing.texts[i]);

		fputs("  ", stdout);
		pad(listing.texts[i], about[0] == '\0' ? 0 : width + 2);
		own = (own > width + 2 ? own : width + 2) + 2;
		if (about[0] != '\0' && own + 8 < screen)
			listing_put_cut(
				arena, text_escape(arena, about, strlen(about)), screen - own - 1);
		putchar('\n');
	}
	end(&listing, completion);
	arena_free(arena);
}

void listing_expects(const struct completion *completion)
{
	struct arena *arena = arena_new();

	printf("  %s\n", text_escape(arena, completion->expects, strlen(completion->expects)));
	fflush(stdout);
	arena_free(arena);
}
