/** The bench is a program: nothing imports it. */
export {}
