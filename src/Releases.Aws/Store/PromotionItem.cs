using System.Text;

namespace Releases.Aws;

/// <summary>
/// Keeps a promotion's record below DynamoDB's limit of 400 KB per item: a record that can't be written would keep its promotion from
/// ending. What isn't about the service that failed is shortened first, and warnings last, because they end with the command that is to be
/// run; the engine's notes never are.
/// </summary>
internal static class PromotionItem
{
    private const int MaxBytes = 350 * 1024;
    private const int MaxSentenceBytes = 200;

    private static readonly Func<Promotion, Promotion>[] Shortenings = [KeepLastLines, CutSentences, KeepEndsOfTimelines, CutWarnings];

    public static Item From(Key key, Promotion promotion)
    {
        var item = Item.From(key, promotion, StoreJson.Default.Promotion);
        foreach (var shorten in Shortenings)
        {
            if (Encoding.UTF8.GetByteCount(item.Text(Item.DocumentName)!) <= MaxBytes) break;
            promotion = shorten(promotion);
            item = Item.From(key, promotion, StoreJson.Default.Promotion);
        }

        return item;
    }

    private static Promotion KeepLastLines(Promotion promotion) => Others(
        promotion with
        {
            ReleaseCommands = [.. promotion.ReleaseCommands.Select(LastLine)],
            VerifyCommands = [.. promotion.VerifyCommands.Select(LastLine)],
        },
        s => s with { LastLines = [.. s.LastLines.TakeLast(1)] });

    private static Promotion CutSentences(Promotion promotion) => Others(
        promotion with { Findings = [.. promotion.Findings.Select(f => f with { Message = Cut(f.Message) })] },
        s => s with
        {
            Reason = s.Reason is { } reason ? Cut(reason) : null,
            Cause = s.Cause is { } cause ? Cut(cause) : null,
        });

    private static Promotion KeepEndsOfTimelines(Promotion promotion) =>
        promotion with { Services = [.. promotion.Services.Select(s => s with { Timeline = Ends(s.Timeline) })] };

    private static Promotion CutWarnings(Promotion promotion) => Others(promotion, s => s with { Warnings = [.. s.Warnings.Select(Cut)] });

    private static Promotion Others(Promotion promotion, Func<PromotionService, PromotionService> shorten) => promotion with
    {
        Services = [.. promotion.Services.Select(s => s.Service == promotion.FailedService ? s : shorten(s))],
    };

    private static ReleaseCommand LastLine(ReleaseCommand command) =>
        command.Failure is null ? command with { LastLines = [.. command.LastLines.TakeLast(1)] } : command;

    private static string Cut(string sentence) => KeptOutput.Cut(sentence, MaxSentenceBytes);

    private static IReadOnlyList<ServiceStep> Ends(IReadOnlyList<ServiceStep> timeline) => timeline.Count <= 2 ? timeline
        : [timeline[0], timeline[^1] with { Omitted = timeline.Count - 2 + timeline.Skip(1).Sum(s => s.Omitted) }];
}
