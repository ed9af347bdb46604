using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>Changing and seeing the variables of an app.</summary>
public sealed class EnvironmentOperationTests : OperationScenario
{
    [Fact]
    public async Task Whoever_sees_values_is_recorded_and_whoever_sees_none_is_not()
    {
        await Rack.Store.App(cancel: Cancel);
        var reveal = new RevealEnvironment(Context);
        Assert.Empty(await reveal.RevealAll(await App(), null, Cancel));
        await Change([new("TOKEN", "a-secret")]);
        await reveal.Read(await App(), null, Cancel);
        Assert.Equal(ProblemCode.NotFound, (await Refused(async () => await reveal.Reveal(await App(), null, "TOKE", Cancel))).Code);
        Assert.DoesNotContain(EventKind.Revealed, await Events());

        Assert.Equal("a-secret", await reveal.Reveal(await App(), null, "TOKEN", Cancel));
        Assert.Single(await reveal.RevealAll(await App(), null, Cancel));
        Assert.Equal(["TOKEN", null],
            (await Rack.Store.ListEvents(A.App, 100, Cancel)).Where(e => e.Kind == EventKind.Revealed).Select(e => e.Detail).Reverse());
    }

    [Fact]
    public async Task The_release_whose_values_are_seen_is_recorded_whatever_is_released_meanwhile()
    {
        await Rack.Store.App(cancel: Cancel);
        var shown = (await Change([new("TOKEN", "a-secret")]))!.Release;
        var app = await App();
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, go) =>
        {
            if (method.Name != nameof(IReleaseStore.ReadSnapshot)) return go();
            Rack.Interfered = null;
            Change([new("TOKEN", "another")]).GetAwaiter().GetResult();
            return go();
        });
        Assert.Equal("a-secret", await new RevealEnvironment(Context).Reveal(app, null, "TOKEN", Cancel));
        var revealed = Assert.Single(await Rack.Store.ListEvents(A.App, 100, Cancel), e => e.Kind == EventKind.Revealed);
        Assert.Equal(shown.Id, revealed.Release);
    }

    [Fact]
    public async Task A_value_is_not_given_where_that_cannot_be_recorded()
    {
        await Rack.Store.App(cancel: Cancel);
        await Change([new("TOKEN", "a-secret")]);
        var app = await App();
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, go) =>
            method.Name == nameof(IReleaseStore.ChangeApp)
                ? throw new Problem(ProblemCode.DiskFull, "the disk is full.").ToException()
                : go());
        Assert.Equal(ProblemCode.DiskFull, (await Refused(() => new RevealEnvironment(Context).Reveal(app, null, "TOKEN", Cancel))).Code);
        Assert.Equal(ProblemCode.DiskFull, (await Refused(() => new RevealEnvironment(Context).RevealAll(app, null, Cancel))).Code);
    }

    [Fact]
    public async Task Where_latest_and_active_differ_a_note_names_both()
    {
        var active = await Active();
        var latest = await Rack.Store.Release(cancel: Cancel);
        await new RevealEnvironment(Context).Read(await App(), "latest", Cancel);
        Assert.Empty(Notes);
        await new RevealEnvironment(Context).Read(await App(), null, Cancel);
        var note = Assert.IsType<OperationNote.Sentence>(Assert.Single(Notes));
        Assert.Equal($"This is the environment of {latest.Label}, the latest release; {active.Label} is active.", note.Text);
    }

    [Fact]
    public async Task A_change_of_nothing_makes_no_release()
    {
        await Rack.Store.App(cancel: Cancel);
        Assert.NotNull(await Change([new("A", "1")]));
        Assert.Null(await Change([new("A", "1")]));
        Assert.Equal(1, await Releases());
    }

    [Fact]
    public async Task A_change_that_is_promoted_has_to_say_what_it_is_based_on()
    {
        await Active();
        await Rack.Store.Release(cancel: Cancel);
        Assert.Equal(ProblemCode.ChooseBase, (await Refused(async () => await Change([new("A", "1")], new()))).Code);
        Assert.Equal(ProblemCode.ChooseBase,
            (await Refused(async () => await new ChangeEnvironment(Context).Check(await App(), null, new(), Cancel))).Code);
        await new ChangeEnvironment(Context).Check(await App(), null, promote: null, Cancel);
        Assert.Equal(2, await Releases());
    }

    private async Task<ChangedEnvironment?> Change(
        IReadOnlyCollection<KeyValuePair<string, string>> variables, PromoteOptions? promote = null) =>
        await new ChangeEnvironment(Context).Run(new(await App(), new(variables, []), null, promote), Cancel);
}
