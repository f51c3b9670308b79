"""A python-telegram-bot bot that takes a report: its ConversationHandler, memory only.

python -m benchmarks.peers.ptb_bot URL TOKEN
"""

from __future__ import annotations

import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    ApplicationBuilder,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from benchmarks.peers import words

TASK, VALUE, SITUATION, PHOTOS, REVIEW = range(5)
Context = ContextTypes.DEFAULT_TYPE
reports: list[dict[Any, Any]] = []


def keyboard(buttons: words.Buttons) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=key) for label, key in buttons]]
    )


async def answer(update: Update, text: str, buttons: words.Buttons = ()) -> None:
    if update.message:
        markup = keyboard(buttons) if buttons else None
        await update.message.reply_text(text, reply_markup=markup)


def remember(update: Update, context: Context, name: str) -> None:
    if context.user_data is not None and update.message:
        context.user_data[name] = update.message.text


async def begin(update: Update, context: Context) -> int:
    await answer(update, words.WHICH_TASK, words.TASKS)
    return TASK


async def task_chosen(update: Update, context: Context) -> int:
    remember(update, context, "task")
    await answer(update, words.WHICH_VALUE)
    return VALUE


async def value_told(update: Update, context: Context) -> int:
    remember(update, context, "value")
    await answer(update, words.WHICH_SITUATION, words.SITUATIONS)
    return SITUATION


async def situation_told(update: Update, context: Context) -> int:
    remember(update, context, "situation")
    await answer(update, words.WHICH_PHOTOS, words.PHOTOS)
    return PHOTOS


async def photos_sent(update: Update, context: Context) -> int:
    value = (context.user_data or {}).get("value", "")
    await answer(update, words.review(value), words.REVIEW)
    return REVIEW


async def reviewed(update: Update, context: Context) -> int:
    reports.append(dict(context.user_data or {}))
    await answer(update, words.recorded(len(reports)))
    return ConversationHandler.END


def main(url: str, token: str) -> None:
    application = ApplicationBuilder().token(token).base_url(f"{url}/bot").build()
    text = filters.TEXT
    application.add_handler(
        ConversationHandler(
            entry_points=[MessageHandler(filters.Regex("^bao cao$"), begin)],
            states={
                TASK: [MessageHandler(text, task_chosen)],
                VALUE: [MessageHandler(text, value_told)],
                SITUATION: [MessageHandler(text, situation_told)],
                PHOTOS: [MessageHandler(text, photos_sent)],
                REVIEW: [MessageHandler(text, reviewed)],
            },
            fallbacks=[],
        )
    )
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:3])
