"""A bare aiogram bot that takes a report: its state machine, memory only.

python -m benchmarks.peers.aiogram_bot URL TOKEN
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from benchmarks.peers import words

router = Router()
reports: list[dict[str, Any]] = []


class Report(StatesGroup):
    task = State()
    value = State()
    situation = State()
    photos = State()
    review = State()


def keyboard(buttons: words.Buttons) -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=label, callback_data=key) for label, key in buttons]
    return InlineKeyboardMarkup(inline_keyboard=[row])


@router.message(F.text == "bao cao")
async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(Report.task)
    await message.answer(words.WHICH_TASK, reply_markup=keyboard(words.TASKS))


@router.message(Report.task)
async def task_chosen(message: Message, state: FSMContext) -> None:
    await state.update_data(task=message.text)
    await state.set_state(Report.value)
    await message.answer(words.WHICH_VALUE)


@router.message(Report.value)
async def value_told(message: Message, state: FSMContext) -> None:
    await state.update_data(value=message.text)
    await state.set_state(Report.situation)
    await message.answer(words.WHICH_SITUATION, reply_markup=keyboard(words.SITUATIONS))


@router.message(Report.situation)
async def situation_told(message: Message, state: FSMContext) -> None:
    await state.update_data(situation=message.text)
    await state.set_state(Report.photos)
    await message.answer(words.WHICH_PHOTOS, reply_markup=keyboard(words.PHOTOS))


@router.message(Report.photos)
async def photos_sent(message: Message, state: FSMContext) -> None:
    data = await state.get_data()
    await state.set_state(Report.review)
    await message.answer(words.review(data["value"]), reply_markup=keyboard(words.REVIEW))


@router.message(Report.review)
async def reviewed(message: Message, state: FSMContext) -> None:
    reports.append(await state.get_data())
    await state.clear()
    await message.answer(words.recorded(len(reports)))


async def main(url: str, token: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    await dispatcher.start_polling(Bot(token, session=session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
