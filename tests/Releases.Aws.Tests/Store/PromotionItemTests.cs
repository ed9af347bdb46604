using System.Text;
using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Aws.Tests.Store;

public sealed class PromotionItemTests
{
    /// <summary>Each of these alone is more than an item may have.</summary>
    [Theory]
    [InlineData("lines")]
    [InlineData("commands")]
    [InlineData("sentences")]
    [InlineData("timelines")]
    public void A_record_of_any_shape_fits_and_keeps_what_failed(string part)
    {
        var promotion = Promotion(part);
        var (size, kept) = Stored(promotion);
        Assert.True(size <= 350 * 1024, $"{size} bytes");
        Assert.True(JsonSerializer.Serialize(promotion, StoreJson.Default.Promotion).Length > 400 * 1024);
        Assert.Equal(promotion.Services.Select(s => (s.Service, s.Status, s.Engine!.Value.GetRawText())),
            kept.Services.Select(s => (s.Service, s.Status, s.Engine!.Value.GetRawText())));
        var (failed, was) = (kept.Services[0], promotion.Services[0]);
        Assert.Equal((was.LastLines.Count, was.Reason), (failed.LastLines.Count, failed.Reason));
        Assert.Equal(promotion.Services.SelectMany(s => s.Warnings), kept.Services.SelectMany(s => s.Warnings));
        Assert.All(kept.Services, s => Assert.Equal(Changes(was), Changes(s)));
        Assert.All(kept.Services.Zip(promotion.Services), s => Assert.Equal(
            (s.Second.Timeline[0], s.Second.Timeline[^1].At), (s.First.Timeline[0], s.First.Timeline[^1].At)));
    }

    /// <summary>They end with a command, and are cut only where the record couldn't be written otherwise.</summary>
    [Fact]
    public void Warnings_are_cut_last()
    {
        var promotion = Promotion("sentences");
        promotion = promotion with
        {
            Services = [.. promotion.Services.Select(s => s with { Warnings = [.. Enumerable.Repeat(new string('w', 1900), 5)] })],
        };
        var (size, kept) = Stored(promotion);
        Assert.True(size <= 350 * 1024, $"{size} bytes");
        Assert.Equal(promotion.Services[0].Warnings, kept.Services[0].Warnings);
        Assert.NotEqual(promotion.Services[1].Warnings, kept.Services[1].Warnings);
    }

    [Fact]
    public void What_fits_is_kept_as_it_is_and_nothing_is_escaped_that_need_not_be()
    {
        var promotion = A.Promotion(A.Release()) with { Reason = "Größe <\"漢\"> + 1" };
        var text = PromotionItem.From(new("A#hello", "P#1"), promotion).Text(Item.DocumentName)!;
        Assert.Contains("Größe <\\\"漢\\\"> + 1", text, StringComparison.Ordinal);
        Assert.Equal(promotion.Reason, Stored(promotion).Kept.Reason);
    }

    private static Promotion Promotion(string part)
    {
        var failed = ServiceName.Parse("s1");
        var sentence = new string('r', 1900);
        List<string> lines = [.. Enumerable.Repeat(new string('l', 330), 24)];
        ServiceStep[] timeline =
        [
            .. Enumerable.Range(0, 40).Select(n => Step(n) with { Omitted = n == 20 ? 7 : 0 }),
        ];
        var count = part == "timelines" ? 180 : 60;
        return A.Promotion(A.Release()) with
        {
            FailedService = failed,
            Reason = sentence,
            ReleaseCommands = part != "commands" ? [] :
            [
                .. Enumerable.Range(1, count).Select(n => new ReleaseCommand
                {
                    Service = ServiceName.Parse($"s{n}"),
                    StartedAt = A.Moment,
                    LastLines = lines,
                }),
            ],
            Services =
            [
                .. Enumerable.Range(1, count).Select(n => new PromotionService
                {
                    Service = ServiceName.Parse($"s{n}"),
                    Status = ServiceStatus.RolledBack,
                    Reason = part == "sentences" ? sentence : "it crashed",
                    Cause = part == "sentences" ? sentence : null,
                    Warnings = part == "sentences" ? [sentence, sentence] : [],
                    LastLines = part == "lines" ? lines : ["one", "two"],
                    Engine = JsonSerializer.SerializeToElement(new string('e', 500)),
                    Timeline = part == "timelines" ? timeline : [timeline[0], timeline[^1]],
                }),
            ],
        };
    }

    private static ServiceStep Step(int number) =>
        new(number % 2 == 0 ? ServiceStatus.Starting : ServiceStatus.Healthy, A.Moment.AddSeconds(number));

    private static int Changes(PromotionService service) => service.Timeline.Count + service.Timeline.Sum(s => s.Omitted);

    private static (int Size, Promotion Kept) Stored(Promotion promotion)
    {
        var item = PromotionItem.From(new("A#hello", "P#1"), promotion);
        return (Encoding.UTF8.GetByteCount(item.Text(Item.DocumentName)!), item.Document(StoreJson.Default.Promotion));
    }
}
