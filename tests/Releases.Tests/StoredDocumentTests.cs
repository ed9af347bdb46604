using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Releases.Testing;
using Xunit;

namespace Releases.Tests;

public sealed class StoredDocumentTests
{
    private static readonly Artifact Artifact = A.Artifact() with { Frameworks = [new("Microsoft.AspNetCore.App", "10.0.0")] };

    private static readonly ReleaseOrigin Origin = ReleaseOrigin.Of(A.Release(), "local");

    /// <summary>One of each kind, with every record that it can hold.</summary>
    private static readonly StoredDocument[] Documents =
    [
        App.New(A.App, A.Event()) with { Hold = new(A.Person, A.Moment, "a freeze"),
            Scale = new Dictionary<ServiceName, int> { [A.Web] = 3 }, Sources = [new() { Folder = "/src/hello" }] },
        A.Build() with { Artifacts = new Dictionary<ServiceName, Artifact> { [A.Web] = Artifact }, Origin = Origin },
        A.Release() with { Services = new Dictionary<ServiceName, ReleaseService>
            { [A.Web] = new() { Artifact = Artifact, Evidence = new() } }, Origin = Origin },
        A.Promotion(A.Release()) with
        {
            Findings = [Finding.From(new("CONVOX0013", "It is incomplete.", Remedy.Do(Operation.Build, "Build it")
                .Or(Remedy.LeaveOut(OperationOption.From, "Base it on the latest"))))],
            ReleaseCommands = [new() { Service = A.Web, StartedAt = A.Moment }],
            Traffic = new(0, 100, A.Moment),
            Trace = PromotionTrace.New(),
            Plan = new([new(10) { HoldSeconds = 60, KeepsOld = true, Shares = new Dictionary<ServiceName, int> { [A.Web] = 5 } },
                new(100)]),
            Steps = [new(0, 10, A.Moment) { Verdicts = [new() { Service = A.Web, Outcome = VerdictOutcome.Good }],
                Counted = [new(A.Web, new(1, 0) { Latency = new Dictionary<long, long> { [16] = 1 } }, new(2, 1))] }],
            Hold = new() { Seconds = 60, Since = A.Moment },
            Superseded = [new(A.Web, "theirs", "before")],
            Services = [new PromotionService { Service = A.Web, Engine = JsonSerializer.SerializeToElement(1) }
                .At(ServiceStatus.Starting, A.Moment)],
        },
        PromotionLock.For(A.Promotion(A.Release()), "a test"),
        PromotionLock.For(A.Promotion(A.Release()) with { DriverFormat = PromotionLock.FormatOfPlans }, "a test"),
        A.Event(),
    ];

    [Fact]
    public void What_a_later_version_added_anywhere_in_a_document_survives_a_read_and_a_write() => Assert.All(Documents, document =>
    {
        var type = StoreJson.Default.GetTypeInfo(document.GetType())!;
        var written = JsonSerializer.SerializeToNode(document, type)!;
        var met = new HashSet<Type>();
        AddTo(written, type, met);
        Assert.Equal(RecordsOf(type, []).OrderBy(t => t.Name), met.OrderBy(t => t.Name));

        var again = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(written, type), type);
        Assert.True(JsonNode.DeepEquals(written, again), $"{written}\n{again}");
    });

    [Fact]
    public void A_document_that_was_written_before_a_field_existed_reads_with_the_fields_default()
    {
        var promotion = JsonSerializer.Deserialize(
            """{"id":"PAAAAAAAAAA","app":"hello","release":"RAAAAAAAAAA","status":"checking","startedBy":"anna","startedAt":"2026-11-23T12:00:00Z","deadline":"2026-11-23T12:10:00Z"}""",
            StoreJson.Default.Promotion)!;
        Assert.Empty(promotion.Services);
        Assert.Empty(promotion.Retired);
    }

    [Fact]
    public void A_document_of_a_higher_format_that_can_be_read_keeps_its_number()
    {
        var later = StoredDocument.Read("""{"format":2,"at":"2026-11-23T12:00:00Z","kind":"pruned","by":"anna"}""",
            StoreJson.Default.Event);
        Assert.Contains("\"format\":2", JsonSerializer.Serialize(later, StoreJson.Default.Event), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_a_higher_format_that_cannot_be_read_is_newer_and_not_damaged()
    {
        const string unknownKind = "\"at\":\"2026-11-23T12:00:00Z\",\"kind\":\"teleported\",\"by\":\"anna\"}";
        var refused = Assert.Throws<ProblemException>(() => StoredDocument.Read("{\"format\":2,"
            + unknownKind, StoreJson.Default.Event)).Problems[0];
        Assert.Equal(
            (ProblemCode.NewerFormat,
                $"a record of the rack (Event) was written by a newer version, and {ToolVersion.Text} can't read it. Running services are not affected."),
            (refused.Code, refused.Message));
        Assert.Throws<JsonException>(() => StoredDocument.Read("{\"format\":1," + unknownKind, StoreJson.Default.Event));
        Assert.Throws<JsonException>(() => StoredDocument.Read("{\"format\":2", StoreJson.Default.Event));
    }

    [Fact]
    public void A_lock_of_a_promotion_that_0_1_cannot_drive_is_newer_for_it_and_any_other_is_not()
    {
        var (plain, plan) = (Documents.OfType<PromotionLock>().First(), Documents.OfType<PromotionLock>().Last());
        Assert.Equal(1, JsonSerializer.Deserialize<LockOf01>(Text(plain), JsonSerializerOptions.Web)!.Token);

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<LockOf01>(Text(plan), JsonSerializerOptions.Web));
        Assert.Contains("\"format\":2", Text(plan), StringComparison.Ordinal);

        Assert.Equal(plan.TakenOverBy("another"), StoredDocument.Read(Text(plan.TakenOverBy("another")), StoreJson.Default.PromotionLock));
        Assert.Equal((2, 2), (plan.TakenOverBy("another").Format, plan.TakenOverBy("another").Token));

        static string Text(PromotionLock held) => JsonSerializer.Serialize(held, StoreJson.Default.PromotionLock);
    }

    [Fact]
    public void A_lock_without_a_token_is_of_a_later_version_or_damaged()
    {
        const string rest = """
            "app":"hello","promotion":"PAAAAAAAAAA","release":"RAAAAAAAAAA","startedBy":"a","startedAt":"2026-11-23T12:00:00Z","owner":"b"}
            """;
        Assert.Throws<JsonException>(() => StoredDocument.Read("{\"format\":1," + rest, StoreJson.Default.PromotionLock));
        var newer = Assert.Throws<ProblemException>(() => StoredDocument.Read("{\"format\":3," + rest, StoreJson.Default.PromotionLock));
        Assert.True(newer.Is(ProblemCode.NewerFormat));
    }

    /// <summary>The lock as 0.1.0 reads it.</summary>
    private sealed record LockOf01(
        [property: JsonRequired] string App, [property: JsonRequired] string Promotion, [property: JsonRequired] string Release,
        [property: JsonRequired] string StartedBy, [property: JsonRequired] DateTimeOffset StartedAt,
        [property: JsonRequired] string Owner, [property: JsonRequired] long Token);

    /// <summary>Adds a field to every record, and notes which kinds it met.</summary>
    private static void AddTo(JsonNode node, JsonTypeInfo type, HashSet<Type> met)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                met.Add(type.Type);
                foreach (var property in type.Properties.Where(p => !p.IsExtensionData))
                    if (node[property.Name] is { } value) AddTo(value, InfoOf(property.PropertyType), met);
                node["later"] = new JsonObject { ["a"] = new JsonArray(1, "two") };
                break;
            case JsonTypeInfoKind.Enumerable:
                foreach (var element in node.AsArray()) AddTo(element!, InfoOf(type.ElementType!), met);
                break;
            case JsonTypeInfoKind.Dictionary:
                foreach (var (_, value) in node.AsObject()) AddTo(value!, InfoOf(type.ElementType!), met);
                break;
        }
    }

    /// <summary>Every kind of record that there can be in a document.</summary>
    private static HashSet<Type> RecordsOf(JsonTypeInfo type, HashSet<Type> found)
    {
        if (type.ElementType is { } element) RecordsOf(InfoOf(element), found);
        if (type.Kind == JsonTypeInfoKind.Object && found.Add(type.Type))
            foreach (var property in type.Properties.Where(p => !p.IsExtensionData)) RecordsOf(InfoOf(property.PropertyType), found);
        return found;
    }

    private static JsonTypeInfo InfoOf(Type type) => StoreJson.Default.GetTypeInfo(type)!;
}
