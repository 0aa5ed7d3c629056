/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/prove_return.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/run.h"
#include "apply/undo.h"
#include "base/cleanup.h"
#include "model/select.h"
#include "plan/goal.h"

enum { RETURN_PATIENCE_MS = 20000, LOOK_MS = 200, SAMPLE = 4096 };

static void remember_transaction(void *context, const struct via_step_report *report)
{
	((struct prove_loan *)context)->transaction = report->transaction;
}

/* One kind of things, each with what tells it from a twin: "net eth0 02:00:00:00:00:01". */
static const char *describe_each(const struct prove_loan *loan, const char *text,
				 const struct via_names *names, const char *class,
				 const char *attribute)
{
	const struct via_root *root = &loan->session->world->root;

	via_for_each (name, names) {
		struct via_fact fact =
			root_text(root, loan->arena, "sys/class/%s/%s/%s", class, *name, attribute);

		text = arena_printf(loan->arena, "%s%s%s %s %s", text, *text ? ", " : "", class,
				    *name, fact_text(&fact) ? fact.text : "?");
	}
	return text;
}

static const char *describe_made(const struct prove_loan *loan, const struct via_pci_device *device)
{
	const char *text = describe_each(loan, "", &device->net, "net", "address");

	text = describe_each(loan, text, &device->nvme, "nvme", "serial");
	return describe_each(loan, text, &device->block, "block", "size");
}

static int refusal(const struct via_plan *plan, struct via_error *error)
{
	const struct via_refusal *first = &plan->refused.items[0];

	error_set(error, -EPERM, "cannot take the device for a proof", first->what, "%s",
		  first->why);
	return first->hint ? error_hint(error, "%s", first->hint) : -EPERM;
}

static int take(struct prove_loan *loan, const struct via_host *host, struct via_error *error)
{
	const char *words[] = { "passthrough", loan->name };
	const struct via_apply_options options = { .lend = true,
						   .step = remember_transaction,
						   .context = loan };
	struct via_plan plan;
	int r = plan_new(loan->arena, host, words, VIA_COUNT(words), &plan, error);

	if (r < 0)
		return r;
	if (plan.refused.count)
		return refusal(&plan, error);
	return apply_run(loan->session->world, &plan, &options, error);
}

int loan_take(struct prove_loan *ret, struct via_error *error)
{
	_cleanup_host_ struct via_host *host = session_look_to_plan(ret->session);
	const struct via_pci_device *device;
	const char *driver;
	int r = select_device(&host->pci, ret->name, &device, error);

	if (r < 0)
		return r;
	driver = fact_text(&device->driver);
	if (driver && pci_driver_is_vfio(driver)) {
		error_set(error, -EALREADY, "cannot prove in rounds", device->name,
			  "it has been given away already: it is bound to %s", driver);
		return error_hint(error,
				  "a round begins and ends with its own driver: viaduct "
				  "release %s",
				  device->name);
	}
	ret->name = arena_strdup(ret->arena, device->name);
	ret->driver = driver ? arena_strdup(ret->arena, driver) : "none";
	ret->made = describe_made(ret, device);
	return take(ret, host, error);
}

/* see - what is there now; whether it is all that was there before */
static bool see(const struct prove_loan *loan, const char **ret_driver, const char **ret_made)
{
	_cleanup_host_ struct via_host *host =
		session_look_to_list(loan->session, VIA_DEPTH_ATTRIBUTES);
	const struct via_pci_device *device;
	const char *driver;

	*ret_driver = *ret_made = "not to be found";
	if (select_device(&host->pci, loan->name, &device, NULL) < 0)
		return false;
	driver = fact_text(&device->driver);
	*ret_driver = driver ? arena_strdup(loan->arena, driver) : "none";
	*ret_made = describe_made(loan, device);
	return strcmp(*ret_driver, loan->driver) == 0 && strcmp(*ret_made, loan->made) == 0;
}

/* A driver may work on in the background after it is bound. */
static bool see_in_time(const struct prove_loan *loan, const char **ret_driver,
			const char **ret_made)
{
	for (int ms = 0; !see(loan, ret_driver, ret_made); ms += LOOK_MS) {
		if (ms >= RETURN_PATIENCE_MS)
			return false;
		usleep(LOOK_MS * 1000);
	}
	return true;
}

/* The names of disks in what was made: " block NAME SECTORS". */
static int read_disks(const struct prove_loan *loan, struct via_proof *proof, struct via_rung *rung)
{
	char bytes[SAMPLE], disk[64];

	for (const char *at = loan->made; (at = strstr(at, "block ")); at++) {
		_cleanup_close_ int fd = -1;

		if (sscanf(at, "block %63s", disk) != 1)
			continue;
		fd = root_openat(&loan->session->world->root,
				 arena_printf(loan->arena, "dev/%s", disk), O_RDONLY);
		if (fd < 0 || read(fd, bytes, sizeof(bytes)) != sizeof(bytes))
			return fd < 0 ? fd : -EIO;
		proof_cite(proof, rung, "read", "%d bytes of %s", SAMPLE, disk);
	}
	return 0;
}

static int judge(const struct prove_loan *loan, struct via_proof *proof, struct via_rung *rung)
{
	const char *driver, *made;
	bool same = see_in_time(loan, &driver, &made);

	proof_cite(proof, rung, "driver", "%s", driver);
	proof_cite(proof, rung, "made", "%s", *made ? made : "nothing");
	if (same)
		return read_disks(loan, proof, rung);
	proof_cite(proof, rung, "before", "%s: %s", loan->driver,
		   *loan->made ? loan->made : "nothing");
	rung->hint = "its driver has not made of it what it had made before: look at the kernel "
		     "log for the device";
	return -ENODEV;
}

void loan_return(const struct prove_loan *loan, struct via_proof *proof)
{
	const struct via_apply_options options = { .lend = true };
	uint64_t start = step_clock_ms();
	struct via_error error = { 0 };
	struct via_rung *rung;
	int r = apply_rollback(loan->session->world, loan->transaction, &options, &error);

	proof_add(proof, "return");
	rung = proof_rung(proof, "return");
	rung->hint = NULL;
	if (r < 0) {
		proof_cite(proof, rung, "failed", "%s: %s", error.what, error.why);
		rung->hint = "viaduct history tells what is left to undo";
	} else {
		r = judge(loan, proof, rung);
	}
	rung->verdict = r < 0 ? VIA_FAIL : VIA_PASS;
	rung->error = r < 0 ? -r : 0;
	rung->ms = (double)(step_clock_ms() - start);
	proof_settle(proof);
}
