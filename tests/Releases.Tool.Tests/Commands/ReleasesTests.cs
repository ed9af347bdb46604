using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class ReleasesTests : Typing
{
    [Fact]
    public async Task Releases_are_listed_newest_first_with_what_is_live_and_what_failed()
    {
        var first = await Given("RIHVPQXQWSR", "BRMUBCYGSWH", TimeSpan.FromDays(22), "");
        var second = await Given("RVUGSLANDXU", "BNNJBWFAWYJ", TimeSpan.FromDays(15), "");
        var third = await Given("RCTSJKKLHXJ", "BNNJBWFAWYJ", TimeSpan.FromDays(14), "env add:FOO change:BAR remove:BAZ");
        await Given("ROCHMCOUESG", "BBLTITAIGHI", TimeSpan.FromDays(7), "build 7329df90c1 this is my commit message");
        await Rack.Store.Promoted(first, cancel: Ending);
        await Rack.Store.Promoted(third, PromotionStatus.Failed, Ending);
        await Rack.Store.Promoted(second, cancel: Ending);

        Assert.Equal(0, await Type("releases"));
        Assert.Equal(
            """
            ID           STATUS  BUILD        CREATED      DESCRIPTION
            ROCHMCOUESG          BBLTITAIGHI  1 week ago   build 7329df90c1 this is my commit message
            RCTSJKKLHXJ  failed  BNNJBWFAWYJ  2 weeks ago  env add:FOO change:BAR remove:BAZ
            RVUGSLANDXU  active  BNNJBWFAWYJ  2 weeks ago
            RIHVPQXQWSR          BRMUBCYGSWH  3 weeks ago

            """, Data);
        Assert.Equal("", Talk);
    }

    [Theory]
    [InlineData("local", "publish folders", "aws://eu-west-1/production", "container images")]
    [InlineData("aws://eu-west-1/production", "container images", "local", "publish folders")]
    public async Task A_copy_to_a_rack_of_another_kind_is_refused_before_anything_is_contacted(
        string from, string has, string to, string runs)
    {
        Assert.Equal(1, await Type("releases", "copy", "v1", "--rack", from, "--to", to));
        Assert.Equal(
            $"error CONVOX0020: a release of {from} has {has}, and {to} runs {runs}. Nothing was copied. "
                + $"Build the same commit for that rack: dotnet convox build --rack {to}\n", Talk);
        Assert.Empty(Opened);
    }

    [Fact]
    public async Task Limit_all_and_before_choose_which()
    {
        for (var i = 0; i < 12; i++) await Rack.Store.Release(description: $"number {i + 1}", cancel: Ending);

        Assert.Equal(0, await Type("releases"));
        Assert.Equal(10, Data.Count(c => c == '\n') - 1);
        Assert.Equal(0, await Type("releases", "--all"));
        Assert.Equal(12, Data.Count(c => c == '\n') - 1);
        Assert.Equal(0, await Type("releases", "--limit", "2", "--before", "V3"));
        Assert.Equal(["number 2", "number 1"], [.. Data.Split('\n').Skip(1).Take(2).Select(l => l[^8..])]);
    }

    [Fact]
    public async Task A_running_promotion_comes_before_everything_else()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        var promotion = A.Promotion(release, PromotionStatus.RollingOut, release.Id) with { StartedAt = Time.GetUtcNow() };
        var held = await Rack.Store.BeginPromotion(promotion, "a test",
            A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Ending);

        await Type("releases");
        Assert.Contains($"{release.Id}  promoting  ", Data, StringComparison.Ordinal);

        held = await Rack.Store.RenewLock(held, Time.GetUtcNow(), Ending);
        await Rack.Store.SavePromotion(held, promotion with { Status = PromotionStatus.RollingBack }, Ending);
        await Type("releases");
        Assert.Contains($"{release.Id}  rolling back  ", Data, StringComparison.Ordinal);
        await Type("releases", "--json");
        Assert.Equal("rollingBack", JsonDocument.Parse(Data).RootElement[0].GetProperty("status").GetString());

        Time.Advance(TimeSpan.FromHours(3));
        await Type("releases");
        Assert.Contains("rolling back (driver gone 3h)", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_the_list_is_an_array_and_what_is_absent_is_null()
    {
        var release = await Given("ROCHMCOUESG", "BBLTITAIGHI", TimeSpan.FromDays(7), "a \"quoted\" <text>");

        Assert.Equal(0, await Type("releases", "--json"));
        Assert.Equal(
            $$"""
            [
              {
                "id": "ROCHMCOUESG",
                "version": 1,
                "app": "hello",
                "status": null,
                "build": "BBLTITAIGHI",
                "commit": null,
                "description": "a \"quoted\" <text>",
                "createdAt": "2025-12-26T03:19:05Z",
                "createdBy": "somebody@box",
                "pinned": false,
                "prunedAt": null
              }
            ]

            """, Data);
        Assert.Equal(TimeSpan.FromDays(7), Time.GetUtcNow() - release.CreatedAt);
    }

    [Fact]
    public async Task Without_releases_there_is_no_data_but_a_word_on_how_to_make_one()
    {
        await Rack.Store.App(cancel: Ending);

        Assert.Equal(0, await Type("releases"));
        Assert.Equal("", Data);
        Assert.Equal("hello has no releases yet. Make one: dotnet convox build\n", Talk);
        Assert.Equal(0, await Type("releases", "--json"));
        Assert.Equal("[]\n", Data);
    }

    [Fact]
    public async Task Info_shows_what_is_in_a_release()
    {
        await Given("RIHVPQXQWSR", "BRMUBCYGSWH", TimeSpan.FromDays(22), "the first");
        Assert.Equal(0, await Type("releases", "info", "v1"));
        Assert.Equal(
            $"""
            Release      v1 (RIHVPQXQWSR)
            Description  the first
            Created      3 weeks ago by somebody@box
            Build        BRMUBCYGSWH
            Commit
            Environment

            SERVICE  BUILD        COMMIT      ARTIFACT
            web      BRMUBCYGSWH  7329df90c1  {A.Artifact().Digest}

            """, Data);

        Assert.Equal(0, await Type("releases", "info", "rihvpqxqwsr", "--json"));
        var json = JsonDocument.Parse(Data).RootElement;
        Assert.Equal("web", json.GetProperty("services")[0].GetProperty("service").GetString());
        Assert.Equal(JsonValueKind.Array, json.GetProperty("environmentKeys").ValueKind);
    }

    [Fact]
    public async Task A_release_without_an_artifact_is_shown_as_incomplete()
    {
        await Rack.Store.Release(with: r => A.Release(r.Number, complete: false), cancel: Ending);
        Assert.Equal(0, await Type("releases", "info", "v1"));
        Assert.Contains("Incomplete   no artifact yet for: web\n", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manifest_is_printed_as_it_was_published()
    {
        const string Text = "services:\n  web:\n    port: 80\n";
        var release = A.Release() with { Manifest = ManifestId.Of(Text) };
        await Rack.Store.App(cancel: Ending);
        await Rack.Store.TryAddRelease(new(release, null, A.Event(EventKind.ReleaseCreated), ManifestText: Text), Ending);

        Assert.Equal(0, await Type("releases", "manifest", "v1"));
        Assert.Equal(Text, Data);
        Assert.Equal(0, await Type("releases", "manifest", "v1", "--json"));
        Assert.Equal(Text, JsonDocument.Parse(Data).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_does_not_exist_is_said_so_and_exits_with_1()
    {
        Assert.Equal(1, await Type("releases"));
        Assert.Equal(
            "error CONVOX0003: there is no app 'hello' on this rack. List apps: dotnet convox apps. Create it: dotnet convox deploy\n",
            Talk);

        await Rack.Store.App(cancel: Ending);
        Assert.Equal(1, await Type("releases", "info", "v9"));
        Assert.StartsWith("error CONVOX0004: hello has no release v9.", Talk, StringComparison.Ordinal);
        Assert.Equal(1, await Type("releases", "info", "v9", "--json"));
        var error = JsonDocument.Parse(Talk).RootElement;
        Assert.Equal("CONVOX0004", error.GetProperty("code").GetString());
        Assert.Equal("hello has no release v9.", error.GetProperty("message").GetString());
        Assert.Equal("List releases: dotnet convox releases --all", error.GetProperty("remedy").GetString());
        Assert.Equal("", Data);
    }

    private Task<Release> Given(string id, string build, TimeSpan age, string description) => Rack.Store.Release(
        description: description,
        with: r => r with
        {
            Id = ReleaseId.Parse(id),
            Build = BuildId.Parse(build),
            CreatedAt = Time.GetUtcNow() - age,
            Services = new Dictionary<ServiceName, ReleaseService>
            {
                [A.Web] = new()
                {
                    Artifact = A.Artifact(),
                    Build = BuildId.Parse(build),
                    Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584"
                },
            },
        },
        cancel: Ending);
}
