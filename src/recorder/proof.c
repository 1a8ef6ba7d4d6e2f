#include "recorder/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <libaudit.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "config/trust.h"
#include "recorder/forward.h"

enum { KEY_MAX = 64 * 1024, BASE64 = 4 * ((SIGNATURE_SIZE + 2) / 3) + 1 };

static const char message_begin[] = "rolegate-log-1"; /* with its NUL */

/* Nobody else's to read: root's, or the account's, or root's with the account's group. */
static bool is_private(const struct stat *status, const struct account_ids *ids)
{
	mode_t others = status->st_gid == ids->gid ? 037 : 077;

	return S_ISREG(status->st_mode) && status->st_nlink == 1 &&
	       (status->st_uid == 0 || status->st_uid == ids->uid) &&
	       (status->st_mode & others) == 0;
}

static int open_key(struct arena *arena, const char *path, const struct account_ids *ids,
	const char **complaint)
{
	const char *slash = strrchr(path, '/');
	const char *above =
		slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
	_cleanup_fd_ int parent = trust_open(arena, above, O_PATH | O_DIRECTORY, complaint);
	_cleanup_fd_ int fd =
		parent < 0 ? -1
			   : openat(parent, slash + 1,
				     O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (parent < 0)
		return -1;
	*complaint = NULL;
	if (fd < 0 || fstat(fd, &status) != 0)
		*complaint = arena_printf(arena, "%s: %s", path, strerror(errno));
	else if (!is_private(&status, ids))
		*complaint = arena_printf(arena,
			"%s: others can read the key; expected a file of root's or the "
			"recorder's, mode 0600, or root's with the recorder's group, mode 0640",
			path);
	return *complaint == NULL ? fd_take(&fd) : -1;
}

static void name_key(struct proof_key *key)
{
	unsigned char hash[EVP_MAX_MD_SIZE] = {0};

	(void)EVP_Digest(key->signer.public_key, sizeof(key->signer.public_key), hash, NULL,
		EVP_sha256(), NULL);
	for (size_t i = 0; i < PROOF_KEY_NAME / 2; i++)
		(void)snprintf(key->name + 2 * i, 3, "%02x", hash[i]);
}

const char *proof_key_load(
	struct arena *arena, const char *path, const struct account_ids *ids, struct proof_key *key)
{
	const char *complaint = NULL, *why;
	_cleanup_fd_ int fd = open_key(arena, path, ids, &complaint);
	size_t length = 0;
	char *bytes;

	*key = (struct proof_key){0};
	if (fd < 0)
		return complaint;
	bytes = fd_read_all(arena, fd, KEY_MAX, &length);
	if (bytes == NULL)
		return arena_printf(arena, "%s: %s", path, strerror(errno));
	if (signature_signer_begin(arena, &key->signer, bytes, length, &why) != 0)
		complaint = arena_printf(arena, "%s: %s", path, why);
	explicit_bzero(bytes, length);
	name_key(key);
	return complaint;
}

void proof_open(struct proof *proof, const struct settings *settings, const struct proof_key *key,
	const struct ledger *ledger)
{
	*proof = (struct proof){.settings = settings,
		.key = key,
		.signed_to = ledger->first - 1,
		.signed_at = event_ticks(),
		.anchored_at = event_ticks()};
	set_aumessage_mode(MSG_QUIET, DBG_NO);
	proof->audit = settings->audit ? audit_open() : -1;
}

size_t proof_message(char bytes[PROOF_MESSAGE], const char *id, uint64_t sequence, const char *hash)
{
	int length = snprintf(bytes + sizeof(message_begin), PROOF_MESSAGE - sizeof(message_begin),
		"%s %llu %s", id, (unsigned long long)sequence, hash);

	memcpy(bytes, message_begin, sizeof(message_begin));
	return sizeof(message_begin) + (size_t)length;
}

void proof_sign(struct proof *proof, struct ledger *ledger, struct arena *arena)
{
	unsigned char signature[SIGNATURE_SIZE], text[BASE64];
	uint64_t from = proof->signed_to + 1, to = ledger_last(ledger);
	char message[PROOF_MESSAGE];
	size_t length;

	if (proof->key == NULL || to == proof->covered || ledger->full)
		return;
	length = proof_message(message, ledger->id, to, ledger->chain.last);
	proof->signed_at = event_ticks();
	if (signature_sign(&proof->key->signer, message, length, signature) != 0) {
		message_error("the log can't be signed");
		return;
	}
	(void)EVP_EncodeBlock(text, signature, sizeof(signature));
	if (ledger_note(ledger, arena,
		    ledger_event(arena, "sign", "{s:s,s:I,s:I,s:s,s:s}", "key", proof->key->name,
			    "from", (json_int_t)from, "to", (json_int_t)to,
			    "signature", (const char *)text, "res", "success")) != 0)
		return;
	proof->signed_to = to;
	proof->covered = ledger_last(ledger);
}

bool proof_is_due(const struct proof *proof, const struct ledger *ledger)
{
	return proof->key != NULL &&
	       ledger_last(ledger) - proof->covered >= proof->settings->sign_events;
}

/* The kernel's record is out of reach for whoever has this account, the file is not. */
static void anchor(struct proof *proof, const struct ledger *ledger, struct arena *arena)
{
	const char *text = arena_printf(arena, "op=log-head chain=%s seq=%llu hash=%s", ledger->id,
		(unsigned long long)ledger_last(ledger), ledger->chain.last);

	proof->anchored_at = event_ticks();
	if (ledger_last(ledger) == proof->anchored_to)
		return;
	proof->anchored_to = ledger_last(ledger);
	forward_anchor(proof->settings, text);
	if (proof->audit < 0)
		return;
	if (audit_log_user_message(proof->audit, AUDIT_USYS_CONFIG, text, NULL, NULL, "?", 1) > 0)
		proof->audit_failed = false;
	else if (!proof->audit_failed) {
		message_warning("the log's head does not get into the audit log: %m");
		proof->audit_failed = true;
	}
}

void proof_tick(struct proof *proof, struct ledger *ledger, struct arena *arena)
{
	long long now = event_ticks();

	if (proof_is_due(proof, ledger) ||
		now - proof->signed_at >= (long long)proof->settings->sign_interval * 1000)
		proof_sign(proof, ledger, arena);
	if (now - proof->anchored_at >= (long long)proof->settings->anchor_interval * 1000)
		anchor(proof, ledger, arena);
}

void proof_now(struct proof *proof, struct ledger *ledger, struct arena *arena)
{
	proof_sign(proof, ledger, arena);
	anchor(proof, ledger, arena);
}
