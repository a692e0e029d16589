"""Changes to the small rulebook that leave something to the office."""

OPEN_SPAN = ("        span: 5\n        counting: plain\n", "        span_set_by_office: true\n")
OPEN_WINDOW = (
    "    strictness: hard\n",
    """    strictness: hard
    interpretations:
      - question: 哪一种年？
        reading: 公历年。
        alternatives:
          - {reading: 连续十二个月, sets: {window: rolling}}
          - {reading: 从入库之日起算, why_not: 各家的日子不同}
      - question: 一律不得吗？
        reading: 一律不得。
        alternatives: [{reading: 可以说明理由, sets: {strictness: in_principle}}]
""",
)
OPEN_HOUR = (
    "    roll: none\n",
    """    roll: none
    interpretations:
      - question: 几点截止？
        reading: 当天 24:00。
        alternatives: [{reading: 当天下班时, sets: {closing_hour: "17:30"}}]
""",
)
# A reporting duty without days, and an evaluation without a pass mark and weights.
OPEN_VALUES = (
    "provisions:\n",
    """  - key: rated
    article: 第二条
    kind: evaluation
    title: 评价
    stages:
      - key: hand_in
        article: 第二条
        kind: submission
        label: 报送
        actor: provider
        outcomes:
          - {key: done, article: 第二条, label: 报完, result: completed}
    materials: []
duties:
  - key: news
    article: 第二条
    label: 更名
    reporter: registrant
    occasions: 更名
    timing: after
    span_set_by_office: true
schemes:
  - key: yearly
    article: 第二条
    label: 年度评价
    procedure: rated
    rhythm: year
    evaluator: office
    results: unstated
    full_mark: 100
    pass_mark_set_by_office: true
    weights_set_by_office: true
provisions:
""",
)
