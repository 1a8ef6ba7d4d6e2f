/* install and rollback: another configuration, at once and as a whole, or none. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "admin/admin.h"
#include "admin/bundle.h"
#include "admin/control.h"
#include "base/fd.h"
#include "base/message.h"
#include "bundle/stage.h"

static int fail(const char *complaint)
{
	message_error("%s", complaint);
	return ADMIN_FOUND;
}

/* 0, or an enum admin_status after a message. */
static int open_place(struct arena *arena, const struct options *options, struct place *place)
{
	const char *note, *complaint;

	*place = (struct place){.parent_fd = -1, .fd = -1};
	if (geteuid() != 0)
		return fail("only root can put another configuration in place");
	if (place_open(arena, place, bundle_directory(arena, options), &note, &complaint) != 0)
		return fail(complaint);
	if (note != NULL)
		message_warning("%s: %s", place->path, note);
	return ADMIN_OK;
}

/* The trust is the configuration's as it is; where it has none yet, root's word. */
static int find_keys(struct arena *arena, const struct place *place, const struct options *options,
	struct trusted_keys *keys)
{
	if (bundle_keys_of_configuration(arena, place->path, keys) != 0)
		return ADMIN_FOUND;
	if (keys->count > 0 && options->trust_key != NULL)
		return fail(arena_printf(arena,
			"%s/rolegate.conf has trusted_keys; --trust-key is for a first install, "
			"expected none",
			place->path));
	if (keys->count > 0)
		return ADMIN_OK;
	if (options->trust_key == NULL)
		return fail(arena_printf(arena,
			"%s/rolegate.conf has no trusted_keys; expected --trust-key FILE for a "
			"first install",
			place->path));
	return bundle_keys_of_file(arena, options->trust_key, true, keys) == 0 ? ADMIN_OK
									       : ADMIN_FOUND;
}

static int check_serial(struct arena *arena, const struct place *place, const struct bundle *bundle,
	const struct options *options)
{
	const char *complaint;
	struct bundle installed;

	if ((options->given & OPTION_ALLOW_OLDER) != 0)
		return ADMIN_OK;
	if (bundle_read(arena, place->fd, &installed, &complaint) != 0)
		return errno == ENOENT
			       ? ADMIN_OK
			       : fail(arena_printf(arena,
					 "the serial that is installed is not known: %s/%s; "
					 "expected --allow-older to install all the same",
					 place->path, complaint));
	if (bundle->manifest.serial >= installed.manifest.serial)
		return ADMIN_OK;
	return fail(arena_printf(arena,
		"serial %" PRIu64 " (%s) is older than the installed one, %" PRIu64
		" (%s); expected a later one, or --allow-older",
		bundle->manifest.serial, bundle_time(arena, bundle->manifest.serial),
		installed.manifest.serial, bundle_time(arena, installed.manifest.serial)));
}

static void undo(struct place *place, const char *name, enum control_outcome outcome)
{
	const char *complaint, *text;

	if (place_exchange(place, name, &complaint) != 0)
		message_error("the former configuration could not be put back: %s", complaint);
	else
		message_error("the former configuration is in its place again");
	if (outcome == CONTROL_UNKNOWN && control_reload(place->arena, &text) != CONTROL_LOADED)
		message_error("what the gateway runs is not known: %s", text);
}

int bundle_exchange(struct place *place, const char *name)
{
	const char *complaint, *text;
	enum control_outcome outcome = CONTROL_ABSENT;

	if (place_exchange(place, name, &complaint) != 0)
		return fail(complaint);
	/* A gateway reads its own directory alone. */
	if (strcmp(place->path, ROLEGATE_CONFIG_DIR) == 0)
		outcome = control_reload(place->arena, &text);
	if (outcome == CONTROL_LOADED)
		printf("the gateway has loaded it\n");
	else if (outcome == CONTROL_ABSENT)
		printf("no gateway was told\n");
	if (outcome == CONTROL_LOADED || outcome == CONTROL_ABSENT)
		return ADMIN_OK;
	message_error("%s", escape_lines(place->arena, text));
	undo(place, name, outcome);
	return ADMIN_FOUND;
}

static int stage(struct place *place, int source, const struct bundle *bundle)
{
	struct strings complaints = {0};
	const char *complaint;
	_cleanup_fd_ int fd = place_stage(place, &complaint);

	if (fd < 0)
		return fail(complaint);
	if (stage_bundle(place->arena, source, bundle, fd, &complaints) != 0)
		return bundle_complain(&complaints);
	return bundle_check_in_place(place, place->staging);
}

/* The staging directory is trash again after a failure. */
static int put_in_place(
	struct place *place, int source, const struct bundle *bundle, const struct trusted_key *key)
{
	const char *complaint;
	int status = stage(place, source, bundle);

	if (status == ADMIN_OK) {
		bundle_warn(place, bundle, key);
		status = bundle_exchange(place, place->staging);
	}
	if (status == ADMIN_OK && place_finish(place, &complaint) != 0)
		message_warning("%s; the next install or rollback goes on with it", complaint);
	if (status != ADMIN_OK && place_clean(place, &complaint) != 0)
		(void)fail(complaint);
	return status;
}

static int install_into(struct arena *arena, struct place *place, const struct options *options)
{
	_cleanup_fd_ int source = bundle_open_source(options->operands[1]);
	const struct trusted_key *key;
	struct trusted_keys keys;
	struct bundle bundle;
	const char *complaint;
	int status = source < 0 ? ADMIN_FOUND : find_keys(arena, place, options, &keys);

	if (status != ADMIN_OK)
		return status;
	key = bundle_read_signed(arena, source, keys.items, keys.count, &bundle, &complaint);
	if (key == NULL)
		return fail(complaint);
	status = check_serial(arena, place, &bundle, options);
	if (status == ADMIN_OK)
		status = put_in_place(place, source, &bundle, key);
	if (status == ADMIN_OK)
		printf("installed %s, signed by key \"%s\"; the former configuration is %s/%s\n",
			escape_lines(arena, bundle_title(arena, &bundle.manifest)), key->name,
			place->parent, place->previous);
	else
		message_error("nothing was installed");
	return status;
}

int bundle_install(struct arena *arena, const struct options *options)
{
	struct place place;
	int status = open_place(arena, options, &place);

	if (status == ADMIN_OK)
		status = install_into(arena, &place, options);
	place_close(&place);
	return status;
}

static int roll_back(struct arena *arena, struct place *place)
{
	const char *complaint;
	struct bundle bundle;
	_cleanup_fd_ int fd = place_open_beside(place, place->previous, &complaint);
	int status;

	if (fd < 0)
		return fail(errno == ENOENT
				    ? arena_printf(arena,
					      "there is no former configuration; expected %s/%s",
					      place->parent, place->previous)
				    : complaint);
	status = bundle_check_in_place(place, place->previous);
	if (status == ADMIN_OK)
		status = bundle_exchange(place, place->previous);
	if (status != ADMIN_OK) {
		message_error("nothing was rolled back");
		return status;
	}
	printf("rolled back to %s; what was installed is %s/%s\n",
		bundle_read(arena, fd, &bundle, &complaint) == 0
			? escape_lines(arena, bundle_title(arena, &bundle.manifest))
			: "a configuration that is no bundle",
		place->parent, place->previous);
	return ADMIN_OK;
}

int bundle_rollback(struct arena *arena, const struct options *options)
{
	struct place place;
	int status = open_place(arena, options, &place);

	if (status == ADMIN_OK)
		status = roll_back(arena, &place);
	place_close(&place);
	return status;
}
