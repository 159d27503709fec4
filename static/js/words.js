// What scripts of the framework's admin say that its own Vietnamese lacks: named here, it stands in our catalogue.
export const FRAMEWORK = [
  gettext('Choose %s by selecting them and then select the "Choose" arrow button.'),
  gettext("Choose all %s"),
  gettext("Choose selected %s"),
  gettext("Remove selected %s"),
  gettext('Remove %s by selecting them and then select the "Remove" arrow button.'),
  gettext("Type into this box to filter down the list of selected %s."),
  gettext("(click to clear)"),
  gettext("Remove all %s"),
  gettext("Sunday"), gettext("Monday"), gettext("Tuesday"), gettext("Wednesday"), gettext("Thursday"), gettext("Friday"),
  gettext("Saturday"),
];
