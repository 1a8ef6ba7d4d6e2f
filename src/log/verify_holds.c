/*
 * Whether signatures hold: one takes as long as the hashes of a hundred lines, so that all
 * processors but the one that reads on take them as they come, and that one too when it has read
 * all.
 */
#include <unistd.h>

#include "log/verify_parts.h"

static bool holds(const struct verify_signature *signature)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL &&
		    EVP_DigestVerifyInit(context, NULL, NULL, NULL, signature->key->key) == 1 &&
		    EVP_DigestVerify(context, signature->bytes, sizeof(signature->bytes),
			    (const unsigned char *)signature->message, signature->length) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

/* The next one that nobody has; NULL: none will come, or there is none and `wait` is false. */
static struct verify_signature *take(struct verify_holds *all, bool wait)
{
	struct verify_signature *next;

	pthread_mutex_lock(&all->lock);
	while (wait && all->next == NULL && !all->complete)
		pthread_cond_wait(&all->more, &all->lock);
	next = all->next;
	if (next != NULL)
		all->next = next->next;
	pthread_mutex_unlock(&all->lock);
	return next;
}

static void *work(void *context)
{
	struct verify_signature *signature;

	while ((signature = take(context, true)) != NULL)
		signature->holds = holds(signature);
	return NULL;
}

/* Without threads all is done at the end. */
static void start(struct verify_holds *all)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = processors < 1 ? 0 : (size_t)processors - 1;

	pthread_mutex_init(&all->lock, NULL);
	pthread_cond_init(&all->more, NULL);
	while (all->threads < wanted && all->threads < VERIFY_THREADS &&
		pthread_create(&all->thread[all->threads], NULL, work, all) == 0)
		all->threads++;
}

void verify_holds_add(struct verify_holds *all, struct verify_signature *signature)
{
	if (all->first == NULL)
		start(all);
	pthread_mutex_lock(&all->lock);
	if (all->first == NULL)
		all->first = signature;
	else
		all->last->next = signature;
	all->last = signature;
	if (all->next == NULL)
		all->next = signature;
	pthread_cond_signal(&all->more);
	pthread_mutex_unlock(&all->lock);
}

const struct verify_signature *verify_holds_end(struct verify_holds *all)
{
	struct verify_signature *signature;

	if (all->first == NULL || all->complete)
		return all->first;
	pthread_mutex_lock(&all->lock);
	all->complete = true;
	pthread_cond_broadcast(&all->more);
	pthread_mutex_unlock(&all->lock);
	while ((signature = take(all, false)) != NULL)
		signature->holds = holds(signature);
	for (size_t i = 0; i < all->threads; i++)
		(void)pthread_join(all->thread[i], NULL);
	pthread_cond_destroy(&all->more);
	pthread_mutex_destroy(&all->lock);
	return all->first;
}
