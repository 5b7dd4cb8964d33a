"""Calendars, opening rules, slots and bookings: never over capacity, never two appointments for one person.

Public face, by module: `calendars.of`, `slots.generate`, `slots.days`, `slots.free`, `booking.hold`, `booking.confirm`,
`booking.move`, `booking.cancel`, `booking.get`, `booking.current`, `day.of_day`, `identity.fingerprint`,
`ics.calendar_file`.
"""
