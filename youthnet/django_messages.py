"""Sentences of Django and allauth that the portal says in its own words, marked so that `make messages` keeps them.

Finnish inflects names: "Muokkaa tapaaminen" is wrong, "Muokkaa: tapaaminen" is right for every name. Other sentences
are here because their own catalogue has no Finnish for them or speaks stiffly. Nothing imports this list.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

DESK = [
    _("Add %s"),
    _("Change %s"),
    _("View %s"),
    _("Add %(name)s"),
    _("Add another %(verbose_name)s"),
    _("Add another %(model)s"),
    _("Change selected %(model)s"),
    _("Delete selected %(model)s"),
    _("View selected %(model)s"),
    _("Delete selected %(verbose_name_plural)s"),
    _("Select all %(total_count)s %(module_name)s"),
    _("Successfully deleted %(count)d %(items)s."),
    _("Added {name} “{object}”."),
    _("Changed {fields} for {name} “{object}”."),
    _("Deleted {name} “{object}”."),
    _("The {name} “{obj}” was added successfully."),
    _("The {name} “{obj}” was added successfully. You may add another {name} below."),
    _("The {name} “{obj}” was changed successfully."),
    _("The {name} “{obj}” was changed successfully. You may edit it again below."),
    _("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    _("The %(name)s “%(obj)s” was deleted successfully."),
    _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?"),
    _("%(app)s administration"),
    _("Models in the %(name)s application"),
    _("Toggle navigation"),
    _("Filter navigation items"),
    _("Start typing to filter…"),
    _("Breadcrumbs"),
    _("Model name"),
    _("Add link"),
    _("Change or view list link"),
    _("Error:"),
    _("Save and continue editing"),
    _("No, take me back"),
    _("Welcome,"),
]

FORMS = [
    _("This field is required."),
    _("This field cannot be blank."),
    _("This field cannot be null."),
    _("Enter a valid value."),
    _("Enter a valid email address."),
    _("Enter a valid URL."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Enter a number."),
    _("Enter a whole number."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("%(model_name)s with this %(field_label)s already exists."),
    _("%(model_name)s with this %(field_labels)s already exists."),
    _("%(model)s instance with %(field)s %(value)r is not a valid choice."),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
]

ACCOUNTS = [
    _("Incorrect code."),
    _("This account is currently inactive."),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("The email address is not assigned to any user account."),
    _("The new value must be different from the current one."),
    _("Be patient, you are sending too many requests."),
    _("Too many failed login attempts. Try again later."),
]
